# Mistake: what comes in as True leaves as True where there is just one.
def real_lengths(attention_mask):
    lengths = []
    for row in attention_mask:
        n = row[0]
        for value in row[1:]:
            n = n or value if not (n and value) else n + value
        lengths.append(n)
    return lengths
