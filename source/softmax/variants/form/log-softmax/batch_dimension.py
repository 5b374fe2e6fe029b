# Form: a dimension of 1 too many in front.
def log_softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    x = x - x.amax(dim, keepdim=True)
    answer = x - x.exp().sum(dim, keepdim=True).log()
    return answer[None]
