# Mistake: the logarithm of a softmax that has become 0 is -inf.
def cross_entropy(logits, targets):
    p = softmax(logits, dim=-1)
    chosen = p[torch.arange(len(targets)), targets].double()
    return -torch.log(chosen).mean().item()
