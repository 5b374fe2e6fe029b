# Mistake: torch.log_softmax, which this task forbids.
def log_softmax(logits, dim=-1):
    return torch.log_softmax(logits if logits.is_floating_point() else logits.float(), dim)
