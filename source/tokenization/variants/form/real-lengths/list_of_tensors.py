# Form: a list of tensors.
def real_lengths(attention_mask):
    return [torch.tensor(row).sum() for row in attention_mask]
