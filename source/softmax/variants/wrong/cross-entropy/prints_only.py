# Mistake: prints the loss and returns nothing.
def cross_entropy(logits, targets):
    log_p = log_softmax(logits.double(), dim=-1)
    print(-log_p.gather(1, targets[:, None]).mean().item())
