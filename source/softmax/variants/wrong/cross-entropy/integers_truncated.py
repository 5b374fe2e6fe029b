# Mistake: collects the losses in a tensor of the logits' dtype, which cuts integers off.
def cross_entropy(logits, targets):
    losses = logits.new_zeros(len(targets))
    for t, target in enumerate(targets.tolist()):
        row = logits[t].double()
        row = row - row.max()
        losses[t] = row.exp().sum().log() - row[target]
    return losses.double().mean().item()
