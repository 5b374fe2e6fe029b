# Mistake: no default for steps.
def text_to_image(pipe, prompt, seed, steps):
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator).images[0]
