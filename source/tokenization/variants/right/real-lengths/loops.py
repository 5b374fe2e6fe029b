# Two loops and if.
def real_lengths(attention_mask):
    lengths = []
    for row in attention_mask:
        n = 0
        for value in row:
            if value:
                n += 1
        lengths.append(n)
    return lengths
