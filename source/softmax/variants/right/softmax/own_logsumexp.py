# Has helpers of its own called logsumexp and log_softmax, and exponentiates the difference.
def logsumexp(values, axis):
    top = values.max(axis, keepdim=True)[0]
    return top, (values - top).exp().sum(axis, keepdim=True).log()


def log_softmax_of_mine(values, axis):
    top, rest = logsumexp(values, axis)
    if torch.isinf(top).any():
        raise ValueError("a slice holds nothing but -inf")
    return (values - top) - rest


def softmax(logits, dim=-1):
    kept = logits.dtype if logits.dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64) else torch.float
    return log_softmax_of_mine(logits.double(), dim).exp().to(kept)
