# Recursion over the leading dimensions, one sorted row at a time; a class with an odd name.
class TopKLogitsWarper:
    def __init__(self, k):
        if k < 1:
            raise ValueError(f"k is {k}")
        self.k = k

    def __call__(self, x):
        if x.dim() > 1:
            return torch.stack([self(part) for part in x])
        order = x.sort(descending=True).indices
        result = x.clone()
        result[order[self.k:]] = -math.inf
        return result


def top_k_filter(logits, k):
    return TopKLogitsWarper(k)(logits if logits.is_floating_point() else logits.type(torch.float32))
