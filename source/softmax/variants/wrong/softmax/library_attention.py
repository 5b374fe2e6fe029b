# Mistake: an attention layer over the identity, whose mask is the logits: not from the definition.
import torch.nn.functional as F


def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    rows = torch.atleast_1d(x).movedim(dim, -1)
    size = rows.shape[-1]
    mask = rows.reshape(1, -1, size)
    nothing = torch.zeros(1, mask.shape[1], size, dtype=x.dtype)
    p = F.scaled_dot_product_attention(nothing, nothing[:, :1].expand(1, size, size), torch.eye(size, dtype=x.dtype)[None], mask)
    return p.reshape(rows.shape).movedim(-1, dim).reshape(x.shape)
