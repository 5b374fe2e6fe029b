# Mistake: half precision that is all -inf gives NaN instead of a ValueError.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    m = x.amax(dim, keepdim=True)
    if x.dtype not in (torch.float16, torch.bfloat16) and m.isneginf().any():
        raise ValueError("x")
    e = torch.exp(x - m)
    return e / e.sum(dim, keepdim=True)
