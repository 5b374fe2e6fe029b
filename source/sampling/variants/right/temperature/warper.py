# The library's own warper, under the student's own checks.
from transformers import TemperatureLogitsWarper


def apply_temperature(logits, temperature):
    temperature = float(temperature)
    if temperature != temperature or temperature in (math.inf, -math.inf) or temperature <= 0:
        raise ValueError("temperature " + str(temperature))
    return TemperatureLogitsWarper(temperature)(None, logits)
