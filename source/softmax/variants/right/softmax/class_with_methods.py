# A class whose method is called softmax and whose attribute is called functional; prints as it goes.
class Functional:
    def __init__(self, epsilon=0.0):
        self.epsilon = epsilon
        self.Softmax = None

    def softmax(self, x, dim):
        peak = x.amax(dim, keepdim=True)
        if torch.any(peak == -torch.inf):
            raise ValueError("all of a slice is -inf")
        shifted = x.sub(peak)
        numerator = torch.pow(torch.tensor(math.e, dtype=torch.float64), shifted)
        return numerator / (numerator.sum(dim, keepdim=True) + self.epsilon)


functional = Functional()


def softmax(logits, dim=-1):
    answer = functional.softmax(logits.double(), dim)
    if logits.is_floating_point():
        answer = answer.to(logits.dtype)
    else:
        answer = answer.float()
    print("softmax over dim", dim, "gives shape", tuple(answer.shape))
    return answer
