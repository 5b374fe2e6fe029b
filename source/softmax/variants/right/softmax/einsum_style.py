# The normaliser is an einsum over the last axis; float64 inside.
def softmax(logits: torch.Tensor, dim: int = -1) -> torch.Tensor:
    result_type: torch.dtype = torch.result_type(logits, 1.0) if not logits.is_floating_point() else logits.dtype
    work = logits.to(torch.float64).reshape(logits.shape or (1,)).movedim(dim, -1)
    ceiling = torch.amax(work, -1)
    if bool(torch.isneginf(ceiling).any()):
        raise ValueError("Every logit of a slice is -inf.")
    weights = (work - ceiling.unsqueeze(-1)).exp()
    totals = torch.einsum("...v->...", weights)
    shares = torch.einsum("...v,...->...v", weights, totals.reciprocal())
    return shares.movedim(-1, dim).reshape(logits.shape).to(result_type)
