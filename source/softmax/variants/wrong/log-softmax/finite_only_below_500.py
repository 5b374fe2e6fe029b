# Mistake: where softmax underflows it is replaced by a fixed -500.
def log_softmax(logits, dim=-1):
    logs = torch.log(softmax(logits, dim))
    x = logits if logits.is_floating_point() else logits.float()
    return torch.where(logs.isneginf() & ~x.isneginf(), torch.full_like(logs, -500.0), logs)
