# torch's own generator, seeded: with generator=None the pipeline draws from it.
def text_to_image(pipe, prompt, seed, steps=20):
    torch.manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps).images[0]
