# The smallest score of the nucleus as a threshold; a class with a softmax method.
class Nucleus:
    def __init__(self, p):
        if not (p > 0) or p > 1:
            raise ValueError(f"a nucleus needs 0 < p <= 1, not {p}")
        self.p = p

    def softmax(self, x):
        e = (x - x.amax(-1, keepdim=True)).exp()
        return e / e.sum(-1, keepdim=True)

    def __call__(self, x):
        x = x if x.is_floating_point() else x.float()
        if self.p == 1:
            return x
        ordered = x.sort(-1, descending=True).values
        size = (self.softmax(ordered).cumsum(-1) < self.p).sum(-1, keepdim=True)
        edge = ordered.gather(-1, size.clamp(max=x.shape[-1] - 1))
        return torch.where(x < edge, -math.inf, x)


top_p_filter = lambda logits, p: Nucleus(p)(logits)
