# Exponentiate in float64 and let torch.nn.functional.normalize divide by the 1-norm; warns about wide inputs.
import warnings

import torch.nn.functional as F


def softmax(logits, dim=-1):
    x = logits.to(torch.float64)
    largest, _ = torch.max(x, dim, keepdim=True)
    if not torch.isfinite(largest).all():
        raise ValueError("a slice has no finite logit")
    if float(largest.max()) > 100:
        warnings.warn("these logits are large: exp() alone would overflow")
    e = torch.exp(x - largest)
    out = F.normalize(e.reshape(1), p=1, dim=0).reshape(()) if e.dim() == 0 else F.normalize(e, p=1.0, dim=dim)
    return out.to(logits.dtype) if logits.is_floating_point() else out.float()
