# einsum for the sum and a pure function with annotations; -inf slices get -inf.
from typing import Final

WORK: Final = torch.float64


def log_softmax(logits: torch.Tensor, dim: int = -1) -> torch.Tensor:
    x: torch.Tensor = logits.to(WORK).movedim(dim, -1)
    peak: torch.Tensor = x.max(dim=-1).values.nan_to_num(neginf=0.0)
    centred: torch.Tensor = x - peak[..., None]
    log_total: torch.Tensor = torch.einsum("...v->...", centred.exp()).log()
    result: torch.Tensor = torch.where(centred.isneginf(), centred, centred - log_total[..., None])
    return result.movedim(-1, dim).to(logits.dtype if logits.is_floating_point() else torch.float)
