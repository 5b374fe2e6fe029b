# Mistake: fifty steps by default.
def text_to_image(pipe, prompt, seed, steps=50):
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator).images[0]
