# Mistake: one generator for all calls, seeded when a seed is new.
_generator = torch.Generator("cpu")
_last = None


def text_to_image(pipe, prompt, seed, steps=20):
    global _last
    if seed != _last:
        _generator.manual_seed(seed)
        _last = seed
    return pipe(prompt, num_inference_steps=steps, generator=_generator).images[0]
