# A loss class with methods that carry the library's names; a progress bar over positions.
from tqdm.auto import trange


class CrossEntropyLoss:
    def __init__(self, reduction="mean"):
        self.reduction = reduction
        self.losses = []

    def log_softmax(self, row):
        shifted = row - row.max()
        return shifted - shifted.exp().sum().log()

    def __call__(self, logits, targets):
        for t in trange(len(targets)):
            self.losses.append(-self.log_softmax(logits[t])[int(targets[t])].item())
        return sum(self.losses) / len(self.losses)


def cross_entropy(logits, targets):
    return CrossEntropyLoss()(logits.to(torch.float64), targets)
