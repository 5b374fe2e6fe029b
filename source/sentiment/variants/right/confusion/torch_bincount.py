# bincount of a two-digit binary number, in torch.
def confusion(labels, predictions):
    a = torch.tensor([int(x) for x in labels])
    b = torch.tensor([int(x) for x in predictions])
    return dict(zip(["tn", "fp", "fn", "tp"], torch.bincount(2 * a + b, minlength=4).tolist()))
