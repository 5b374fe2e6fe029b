# Counts of tensors, divided as Python numbers.
def f1(labels, predictions):
    y, p = (torch.as_tensor(list(values)).bool() for values in (labels, predictions))
    tp, both = int((y & p).sum()), int(y.sum() + p.sum())
    return 2 * tp / both if tp else 0.0
