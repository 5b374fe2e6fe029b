# Mistake: counts the digit 1 in the printed row, and finds none in True.
def real_lengths(attention_mask):
    return [str(row).count("1") for row in attention_mask]
