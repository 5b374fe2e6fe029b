# Form: a float32 tensor, as torch's mean gives it.
def accuracy(labels, predictions):
    a, b = (torch.tensor([int(x) for x in values]) for values in (labels, predictions))
    if len(a) == 0 or len(a) != len(b):
        raise ValueError("lengths")
    return (a == b).float().mean()
