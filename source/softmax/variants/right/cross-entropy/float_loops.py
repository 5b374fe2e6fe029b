# Python floats and two loops, printing the loss of each position.
def cross_entropy(logits, targets):
    losses = []
    for row, target in zip(logits.tolist(), targets.tolist()):
        peak = max(row)
        log_total = math.log(math.fsum(math.exp(v - peak) for v in row))
        losses.append(peak - row[target] + log_total)
        print("target", target, "loss", losses[-1])
    return math.fsum(losses) / len(losses)
