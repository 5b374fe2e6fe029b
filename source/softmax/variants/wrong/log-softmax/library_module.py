# Mistake: torch.nn.LogSoftmax, built from the module's dictionary.
def log_softmax(logits, dim=-1):
    layer = vars(torch.nn)["Log" + "Softmax"](dim)
    return layer(logits if logits.is_floating_point() else logits.float())
