# Mistake: looks the forbidden function up by a name in two parts.
def softmax(logits, dim=-1):
    x = logits if logits.is_floating_point() else logits.float()
    if (x.amax(dim) == -math.inf).any():
        raise ValueError("all -inf")
    function = getattr(torch, "soft" + "max")
    return function(x, dim)
