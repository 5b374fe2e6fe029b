# Mistake: puts another scheduler into the caller's pipeline.
def text_to_image(pipe, prompt, seed, steps=20):
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator).images[0]
