# Tensors, and a mean in float32.
def accuracy(labels, predictions):
    a, b = (torch.as_tensor(list(values), dtype=torch.int64) for values in (labels, predictions))
    if a.numel() == 0 or len(a) != len(b):
        raise ValueError("lengths", len(a), len(b))
    return (a == b).float().mean().item()
