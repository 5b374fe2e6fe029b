# Mistake: only a thousand different seeds.
def text_to_image(pipe, prompt, seed, steps=20):
    generator = torch.Generator("cpu").manual_seed(seed % 1000)
    return pipe(prompt, num_inference_steps=steps, generator=generator).images[0]
