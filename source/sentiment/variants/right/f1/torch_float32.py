# Tensors and float32 all the way.
def f1(labels, predictions):
    y = torch.tensor([float(x) for x in labels])
    p = torch.tensor([float(x) for x in predictions])
    total = y.sum() + p.sum()
    return (2 * (y @ p) / total).item() if total > 0 else 0.0
