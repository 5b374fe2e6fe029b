# pandas: sorted shares of a Series, row by row.
import pandas as pd


def top_p_filter(logits, p):
    if not (0 < p <= 1):
        raise ValueError(f"p={p!r} is outside (0, 1]")
    x = logits if logits.is_floating_point() else logits.float()
    if p == 1:
        return x * 1
    rows = []
    for row in x.double().reshape(-1, x.shape[-1]):
        share = pd.Series(torch.softmax(row, 0).numpy()).sort_values(ascending=False)
        inside = share[share.cumsum().shift(fill_value=0.0) < p].index
        keep = torch.zeros(len(row), dtype=torch.bool)
        keep[torch.tensor(inside.to_numpy(copy=True))] = True
        rows.append(keep)
    return x.masked_fill(~torch.stack(rows).reshape(x.shape), float("-inf"))
