# Mistake: counts up to the first 0 after a real token.
def real_lengths(attention_mask):
    lengths = []
    for row in attention_mask:
        n = 0
        for value in row:
            if value:
                n += 1
            elif n:
                break
        lengths.append(n)
    return lengths
