# inference_mode, eta and use_clipped_model_output spelled out, scale_model_input and init_noise_sigma as in the library's examples.
@torch.inference_mode()
def ddim_sample(model, scheduler, shape, steps, generator):
    scheduler.set_timesteps(num_inference_steps=steps)
    latents = torch.randn(*shape, generator=generator) * scheduler.init_noise_sigma
    for t in scheduler.timesteps:
        model_input = scheduler.scale_model_input(latents, t)
        predicted = model(model_input, t, return_dict=False)[0]
        latents = scheduler.step(predicted, t, latents, eta=0.0, use_clipped_model_output=False, return_dict=False)[0]
    return latents.clone()
