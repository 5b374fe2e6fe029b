# Asks for the latent picture and decodes it by hand.
def text_to_image(pipe, prompt, seed, steps=20):
    gen = torch.Generator("cpu").manual_seed(seed)
    lat = pipe(prompt, num_inference_steps=steps, generator=gen, output_type="latent").images
    with torch.no_grad():
        img = pipe.vae.decode(lat / pipe.vae.config.scaling_factor, return_dict=False)[0]
    return pipe.image_processor.postprocess(img.detach())[0]
