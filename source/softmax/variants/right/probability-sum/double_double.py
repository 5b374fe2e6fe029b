# Kahan's compensated loop on Python floats.
def probability_sum(probabilities):
    s = c = 0.0
    for x in probabilities.flatten().tolist():
        y = x - c
        t = s + y
        c = (t - s) - y
        s = t
    return s
