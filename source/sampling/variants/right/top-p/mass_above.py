# Without sorting: a token stays if the tokens that are more likely hold less than p together.
def top_p_filter(logits, p):
    if not 0 < p <= 1:
        raise ValueError(f"p was {p}")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x.clone()
    if x.shape[-1] > 500:
        shares, order = x.double().softmax(-1).sort(-1, descending=True)
        above = torch.zeros_like(shares).scatter(-1, order, shares.cumsum(-1) - shares)
    else:
        share = x.double().softmax(-1)
        more_likely = share[..., None, :] > share[..., :, None]
        above = torch.einsum("...ij,...j->...i", more_likely.double(), share)
    return x.where(above < p, torch.tensor(-math.inf, dtype=x.dtype))
