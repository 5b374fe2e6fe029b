# Helpers of the student's own with forbidden-looking names, one of them a method called log_softmax.
def logsumexp(x, dim):
    """Not torch.logsumexp: written out."""
    highest = x.max(dim, keepdim=True).values
    return highest + torch.log(torch.sum(torch.exp(x - highest), dim, keepdim=True))


class Normaliser:
    def __init__(self, dim):
        self.dim = dim

    def log_softmax(self, x):
        return x - logsumexp(x, self.dim)


def log_softmax(logits, dim=-1):
    out = Normaliser(dim).log_softmax(logits.double())
    return out.to(logits.dtype if logits.is_floating_point() else torch.float32)
