# Multiplies by the inverse; a validator of its own, and a subclass of ValueError.
class TemperatureError(ValueError):
    pass


def check(t):
    if math.isnan(t) or math.isinf(t) or not t > 0:
        raise TemperatureError("not a usable temperature: {}".format(t))
    return t


def apply_temperature(logits, temperature):
    scores = logits.float() if not torch.is_floating_point(logits) else logits
    return scores.mul(1.0 / check(temperature))
