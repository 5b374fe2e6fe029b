# A lambda under the right name, with a tqdm loop around nothing much.
from tqdm import tqdm


def _shift(x, dim):
    for _ in tqdm(range(2), desc="shifting"):
        x = x - torch.max(x, dim, True)[0]
    return x


def _finish(x, dim):
    return torch.sub(x, torch.log(torch.exp(x).sum(dim, True)))


log_softmax = lambda logits, dim=-1: _finish(
    _shift(logits + 0.0 if logits.is_floating_point() else logits.to(torch.float32), dim), dim
)
