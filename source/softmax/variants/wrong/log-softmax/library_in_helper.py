# Mistake: a helper hands over to the tensor's own log_softmax.
class Helper:
    def __init__(self, x):
        self.x = x

    def run(self, dim):
        return self.x.log_softmax(dim=dim)


def log_softmax(logits, dim=-1):
    return Helper(logits if logits.is_floating_point() else logits.float()).run(dim)
