# Mistake: changes the targets.
def cross_entropy(logits, targets):
    r = -log_softmax(logits)[torch.arange(len(targets)), targets].double().mean().item()
    targets.add_(1)
    return r
