# Form: returns a tensor.
def accuracy(labels, predictions):
    if len(labels) == 0 or len(labels) != len(predictions):
        raise ValueError("lengths")
    a, b = torch.tensor([int(x) for x in labels]), torch.tensor([int(x) for x in predictions])
    return (a == b).double().mean()
