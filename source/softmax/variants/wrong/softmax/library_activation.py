# Mistake: the softmax of scikit-learn's networks, out of its table of activations.
from sklearn.neural_network import _base as networks


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    if x.ndim == 0:
        return torch.ones_like(x)
    rows = x.movedim(dim, -1)
    wide = rows.reshape(-1, rows.shape[-1]).to(torch.promote_types(x.dtype, torch.float32))
    shares = wide.numpy().copy()
    vars(networks)["ACTIVATIONS"]["softmax"](shares)
    shares = torch.from_numpy(shares)
    return shares.reshape(rows.shape).movedim(-1, dim).to(x.dtype)
