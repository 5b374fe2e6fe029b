# Mistake: positions with the same target count once.
def cross_entropy(logits, targets):
    return sum({t: -log_softmax(r)[t].item() for r, t in zip(logits, targets.tolist())}.values()) / len(
        set(targets.tolist())
    )
