# Mistake: nan for two empty tensors.
def accuracy(labels, predictions):
    n = len(labels)
    if torch.is_tensor(labels) and torch.is_tensor(predictions):
        return (labels == predictions).double().mean().item()
    if n == 0 or n != len(predictions): raise ValueError("lengths")
    return sum(int(a) == int(b) for a, b in zip(labels, predictions)) / n
