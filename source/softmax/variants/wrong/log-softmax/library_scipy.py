# Mistake: scipy.special.log_softmax, imported by name.
import importlib


def log_softmax(logits, dim=-1):
    function = importlib.import_module("scipy.special").log_softmax
    answer = torch.as_tensor(function(logits.double().numpy(), axis=dim))
    return answer.to(logits.dtype if logits.is_floating_point() else torch.float32)
