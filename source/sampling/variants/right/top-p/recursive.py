# Recursion over the leading dimensions; a while loop that takes the best of what is left.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError("p: " + repr(p))
    x = logits.clone() if logits.is_floating_point() else logits.to(torch.float32)
    if p == 1:
        return x
    if x.dim() > 1:
        return torch.stack([top_p_filter(row, p) for row in x])
    share = torch.softmax(x.double(), 0)
    left, sum_, keep = share.clone(), 0.0, []
    while sum_ < p and len(keep) < len(x):
        best = int(left.argmax())
        keep.append(best)
        sum_ += float(share[best])
        left[best] = -1
    result = torch.full_like(x, -math.inf)
    result[keep] = x[keep]
    return result
